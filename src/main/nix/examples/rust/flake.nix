{
  description = "Rust with cargo and rust-analyzer";

  outputs = _: {
    nixosModules.default = ./module.nix;
  };
}
