{
  description = "A stand-in with the shape of nixpkgs, for tests and demonstrations without a network. It is not NixOS.";

  outputs = { self }:
    let
      systems = [ "x86_64-linux" ];
      lib = import ./lib;
      forEach = f: builtins.listToAttrs (map (name: { inherit name; value = f name; }) systems);
      packages = forEach (system: import ./pkgs { inherit system lib; });
    in
    {
      lib = lib // {
        nixosSystem = import ./nixos { inherit lib packages; flake = self; };
      };
      legacyPackages = packages;
      nixosModules.readOnlyPkgs = { };
      packages = forEach (system: { inherit (packages.${system}) hello git bash coreutils jq; default = packages.${system}.hello; });
    };
}
