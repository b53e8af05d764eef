/// The admin page: the app's own figures.
struct StatsPage {
    let figures: [(name: String, value: Int)]

    var html: String {
        let rows = figures.map { name, value in
            "<tr><th scope=\"row\">\(escaped(name.split(separator: "_").joined(separator: " ")))</th>"
                + "<td>\(value)</td></tr>"
        }
        return htmlDocument(
            title: "Statistics", root: "../",
            body: """
                <main class="narrow">
                <section class="card">
                <h1>Statistics</h1>
                <p class="muted">What this app has done since it started. Only administrators
                should see this page; the gateway in front sees to it.</p>
                <table>\(rows.joined())</table>
                <p><a href="../">Back to the dashboard</a></p>
                </section>
                </main>
                """)
    }
}
