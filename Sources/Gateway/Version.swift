/// The version that `ostiary --version` prints.
package let ostiaryVersion = "0.1.0"
