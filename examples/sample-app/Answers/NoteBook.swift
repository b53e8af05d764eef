import Synchronization

/// The last notes, in memory only; the oldest go when there are too many.
final class NoteBook: Sendable {
    struct Note: Sendable {
        let id: Int
        let author: String?
        let text: String
        /// When it was taken, in Unix milliseconds.
        let at: Int
    }

    static let capacity = 50

    private struct State {
        var notes: [Note] = []
        var nextID = 1
    }

    private let state = Mutex(State())

    func add(_ text: NoteText, author: String?, at: Int) -> Note {
        state.withLock { state in
            let note = Note(id: state.nextID, author: author, text: text.text, at: at)
            state.nextID += 1
            state.notes.append(note)
            if state.notes.count > Self.capacity { state.notes.removeFirst() }
            return note
        }
    }

    /// Newest first.
    var notes: [Note] {
        state.withLock { $0.notes.reversed() }
    }
}

extension NoteBook.Note {
    var json: JSONText {
        .object([
            ("id", .number(id)), ("author", author.map(JSONText.string) ?? .null),
            ("text", .string(text)), ("at", .number(at)),
        ])
    }
}
