import AccessPolicy
import Testing

@testable import ReverseProxy

@Suite("ServingLimits")
struct ServingLimitsTests {
    private func settings() -> ProxySettings {
        let address = ProxySettings.Address(host: "127.0.0.1", port: 1)
        return ProxySettings(listeners: [], upstream: address, threads: 1)
    }

    @Test("without a word of the policy everything is as configured")
    func configured() {
        let settings = settings()
        let limits = ServingLimits(settings, PolicyDefaults())
        #expect(
            limits.requestHead
                == HeadLimits(
                    head: settings.limits.head, fields: settings.limits.headerCount,
                    target: settings.limits.target))
        #expect(limits.connect == settings.timeouts.connect)
        #expect(limits.body(nil) == settings.limits.body)
        let patience = limits.patience(RouteTimeouts())
        #expect(patience.responseHead == settings.timeouts.responseHead.milliseconds)
        #expect(patience.streamIdle == settings.timeouts.streamIdle.milliseconds)
    }

    @Test("a policy can ask for less, and never gets more")
    func ceilings() {
        let settings = settings()
        var less = PolicyDefaults()
        (less.limits.headers, less.limits.headerCount, less.limits.target) = (1000, 10, 100)
        less.timeouts.connect = .milliseconds(5)
        let small = ServingLimits(settings, less)
        #expect(small.requestHead == HeadLimits(head: 1000, fields: 10, target: 100))
        #expect(small.connect == .milliseconds(5))
        #expect(small.body(7) == 7)
        let short = small.patience(
            RouteTimeouts(responseHeader: .milliseconds(3), idle: .milliseconds(4)))
        #expect(short.responseHead == 3 && short.streamIdle == 4)

        var more = PolicyDefaults()
        (more.limits.headers, more.limits.headerCount, more.limits.target) = (.max, .max, .max)
        more.timeouts.connect = .seconds(9999)
        let large = ServingLimits(settings, more)
        let usual = ServingLimits(settings, PolicyDefaults())
        #expect(large.requestHead == usual.requestHead && large.connect == usual.connect)
        #expect(large.body(.max) == settings.limits.body)
        let long = large.patience(
            RouteTimeouts(responseHeader: .seconds(9999), idle: .seconds(9999)))
        #expect(long.responseHead == settings.timeouts.responseHead.milliseconds)
        #expect(long.streamIdle == settings.timeouts.streamIdle.milliseconds)
    }
}
