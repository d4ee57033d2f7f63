enum BridgeConfigurationPlaceholder {}
