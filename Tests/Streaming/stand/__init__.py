"""What the programs of Tests/Streaming and Tests/WebSocket stand on: a gate, an app that a check plays
itself, sockets that wait for a limited time only, and a table of what held."""
