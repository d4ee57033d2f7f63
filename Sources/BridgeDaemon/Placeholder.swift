import Logging
enum BridgeDaemonPlaceholder {}
