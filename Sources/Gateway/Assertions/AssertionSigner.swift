import AccessPolicy
import ReverseProxy
import StrictJSON
import TokenIssuing

/// Signs what the data plane orders, with one key.
struct AssertionSigner: AssertionSigning {
    private let mint: AssertionMint

    init(_ mint: AssertionMint) { self.mint = mint }

    func sign(_ order: AssertionOrder) throws(AssertionFailure) -> [UInt8] {
        let request = order.request.map { binding, value in
            JSONMember(name: binding.rawValue, value: .string(value))
        }
        do throws(MintError) {
            return try mint.mint(
                order.principal.assertionClaims + request, issuedAt: order.issuedAt,
                expiresAt: order.expiresAt)
        } catch {
            switch error {
            case .tooLarge:
                throw AssertionFailure(
                    "the assertion would be larger than 4 KiB: let `identity.assertion.claims` name less"
                )
            default: throw AssertionFailure("the assertion cannot be signed")
            }
        }
    }
}
