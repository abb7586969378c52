{
  description = "JavaScript and TypeScript with Node.js and pnpm";

  outputs = _: {
    nixosModules.default = ./module.nix;
  };
}
