enum SystemdSupportPlaceholder {}
