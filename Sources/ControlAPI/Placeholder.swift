enum ControlAPIPlaceholder {}
