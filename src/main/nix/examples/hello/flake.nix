{
  description = "One program, to try codchi with";

  outputs = _: {
    nixosModules.default = ./module.nix;
  };
}
