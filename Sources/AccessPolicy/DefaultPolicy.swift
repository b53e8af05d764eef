/// The policy of a gateway that was given none. The same text as `policies/default.yaml`, built in so
/// that the program needs no file beside it.
package enum DefaultPolicy {
    package static let text = """
        # The policy that `ostiary serve --upstream URL` uses when no other is named.
        #
        # Whoever signs in may look; editors may change; everything below /admin is for administrators. Copy
        # this file, change it, check it with `ostiary policy check`, and pass it with `--policy`.

        version: 1

        # Whose tokens are accepted. `local` is the issuer inside this process: its keys are in the data
        # folder, and its audience is `ostiary` unless `audience` says otherwise.
        issuers:
          local: {embedded: true}

        # Where a token says who somebody is. A role counts only if it is declared below.
        claims:
          subject: sub
          roles: roles

        # Each role includes what the one before it may do.
        roles:
          viewer: {}
          editor: {includes: [viewer]}
          admin: {includes: [editor]}

        defaults:
          # Every route asks for a token unless it says `auth: public`.
          auth: required
          identity:
            # What the app is told: these headers are removed from every request and then set from the verified
            # token, for example `X-Auth-User: alice` and `X-Auth-Roles: editor,viewer`.
            headers:
              X-Auth-User: subject
              X-Auth-Roles: roles

        # The most specific route decides; their order means nothing. What no route allows is denied.
        routes:
          # Whoever may not pass here may not by another spelling either: `/ADMIN` or `/admin;x`, which some
          # servers take for `/admin`, must be allowed by this route and by the one that they name.
          - id: admin
            match: ANY /admin/**
            allow: {role: admin}

          # GET includes HEAD. A route that names the method wins over one that says ANY.
          - id: read
            match: GET /**
            allow: {role: viewer}

          - id: write
            match: ANY /**
            allow: {role: editor}

        """
}
