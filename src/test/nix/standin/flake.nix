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
      # One derivation that holds everything a machine is made of; for filling a binary cache.
      mirrored = forEach (system: (self.lib.nixosSystem { inherit system; modules = [ { boot.isContainer = true; environment.systemPackages = with packages.${system}; [ git openssh jq zstd hello ]; } ]; }).config.system.build.toplevel);
      packages = forEach (system: { inherit (packages.${system}) hello git bash coreutils jq; default = packages.${system}.hello; });
    };
}
