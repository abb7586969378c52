{
  description = "Android Studio with its emulator";

  outputs = _: {
    nixosModules.default = ./module.nix;
  };
}
