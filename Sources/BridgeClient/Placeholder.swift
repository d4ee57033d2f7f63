enum BridgeClientPlaceholder {}
