/// The version of the three programs, as `--version` and `stream.hello` tell it.
package let ctibridgeVersion = "0.1.0"
