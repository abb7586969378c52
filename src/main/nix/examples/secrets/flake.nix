{
  description = "A token in the environment and a password for one service";

  outputs = _: {
    nixosModules.default = ./module.nix;
  };
}
