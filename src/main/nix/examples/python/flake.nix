{
  description = "Python with uv";

  outputs = _: {
    nixosModules.default = ./module.nix;
  };
}
