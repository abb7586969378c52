{
  description = "Go with gopls and delve";

  outputs = _: {
    nixosModules.default = ./module.nix;
  };
}
