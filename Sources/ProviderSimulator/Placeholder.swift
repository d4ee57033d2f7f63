enum ProviderSimulatorPlaceholder {}
