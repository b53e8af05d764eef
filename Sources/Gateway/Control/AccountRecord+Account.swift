import Cryptography
import ReverseProxy
package import TokenIssuing

extension AccountRecord {
    package init(_ account: Account) {
        id = account.id.description
        username = account.profile.username.text
        email = account.profile.email.text
        fullName = account.profile.fullName
        bio = account.profile.bio
        birthDate = account.profile.birthDate?.description
        isActive = account.isActive
        isStaff = account.isStaff
        isSuperuser = account.isSuperuser
        groups = account.groups
        permissions = account.permissions
        roles = account.roles
        createdAt = LogTimestamp.text(unixSeconds: account.createdAt)
        updatedAt = LogTimestamp.text(unixSeconds: account.updatedAt)
        lastSignIn = account.lastSignInAt.map { LogTimestamp.text(unixSeconds: $0) }
    }
}
