internal import Admission
internal import NIOCore

/// Requests whose decision lacks evidence wait, with their head where it was received, and are then
/// decided from the beginning: there is one way to a decision, and no half-made one is kept.
extension DownstreamHandler {
    /// Lets the request wait if there is something to wait for, and time left for it.
    ///
    /// - Returns: whether it waits. If not, it is to be decided on what is known.
    func waits(for evidence: Evidence) -> Bool {
        let now = LoopClock.monotonicMilliseconds()
        let end = evidenceDeadline ?? now + loop.deadlines.evidence
        guard now < end, loop.evidence.admit(self, evidence) else { return false }
        awaitedEvidence = evidence
        evidenceDeadline = end
        deadline = end
        phase = .waiting
        return true
    }

    /// Decides the request again: the evidence has arrived, or the time to wait for it is over.
    func resumeDecision() {
        guard phase == .waiting else { return }
        stopWaiting()
        phase = .head
        scanned = 0
        advance()
        updateReading()
    }

    /// Nobody needs to be told any more, because the time is over or the client has gone.
    func stopWaiting() {
        guard let evidence = awaitedEvidence else { return }
        awaitedEvidence = nil
        loop.evidence.leave(self, evidence)
    }

    /// The request has its decision.
    func endOfWaiting() { evidenceDeadline = nil }
}
