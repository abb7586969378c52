# Written by codchi from machine.json beside it; changes here are overwritten.
{
  inputs.codchi_driver.url = "path:/config/driver/0123abcd";
  inputs.nixpkgs.follows = "m-backend/nixpkgs";
  inputs.m-backend.url = "github:o/backend?ref=main&dir=nix";
  inputs.m-self.url = "git+ssh://git@git.example.com/team/self.git?shallow=1";
  inputs.m-nixpkgs.url = "git+https://gitlab.example.com/g/s/nixpkgs.git?shallow=1";
  inputs.m-local_1.url = "git+file:///data/machine/web/my%20project?dir=a";
  inputs.m-2.url = "path:/host/srv/$%7Bx%7D/%22q%22%5Cb";

  outputs =
    inputs:
    let
      system = "x86_64-linux";
      machine = inputs.codchi_driver.lib.codeMachine {
        inherit system;
        inherit (inputs) nixpkgs;
        driver = "lxd";
        modules = [
          inputs.m-backend.nixosModules.default
          inputs.m-self.codchiModules.dev
          inputs.m-nixpkgs.nixosModules."if"
          inputs.m-local_1.nixosModules."a.b\${c}\"d"
          inputs.m-2.nixosModules.x-y'z
        ];
      };
    in
    {
      nixosConfigurations.default = machine;
      packages.${system}.default = machine.config.system.build.toplevel;
    };
}
