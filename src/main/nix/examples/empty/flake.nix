{
  description = "Nothing but a code machine";

  outputs = _: {
    nixosModules.default = ./module.nix;
  };
}
