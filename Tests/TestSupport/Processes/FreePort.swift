/// A port of 127.0.0.1 that nobody listened on a moment ago; prefer port 0 where the program can.
package func freePort() throws -> UInt16 {
    try Socket.listen().localPort
}
