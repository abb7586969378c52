{
  description = "A Docker daemon and a compose project";

  outputs = _: {
    nixosModules.default = ./module.nix;
  };
}
