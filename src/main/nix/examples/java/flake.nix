{
  description = "Java with Maven; JDKs as IDEs look for them";

  outputs = _: {
    nixosModules.default = ./module.nix;
  };
}
