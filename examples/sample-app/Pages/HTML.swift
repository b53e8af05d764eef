/// Text made safe for HTML content and for attribute values in double quotes.
func escaped(_ text: String) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": safe += "&amp;"
        case "<": safe += "&lt;"
        case ">": safe += "&gt;"
        case "\"": safe += "&quot;"
        case "'": safe += "&#39;"
        default: safe.unicodeScalars.append(scalar)
        }
    }
    return safe
}

/// A whole document around a body.
///
/// `root` is the relative path to the app's root (`./` or `../`), so that the app also works below
/// a prefix.
func htmlDocument(title: String, root: String, script: Bool = false, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(escaped(title))</title>
    <link rel="icon" href="\(root)favicon.ico" type="image/svg+xml">
    <link rel="stylesheet" href="\(root)assets/dashboard.css">
    \(script ? "<script src=\"\(root)assets/dashboard.js\" defer></script>" : "")
    </head>
    <body>
    \(body)
    </body>
    </html>

    """
}
