# A machine from modules:
#   nixpkgs  the flake (or a path) that the machine is made of
#   system   "x86_64-linux" or "aarch64-linux"
#   driver   "lxd", "wsl" or "none"
#   modules  the NixOS modules of the machine
#   stateVersion  the NixOS release that the machine was first made with (default: that of nixpkgs)
#   inputs   flakes that modules may ask for with the module argument `codchiInputs`
#   specialArgs  further module arguments, for modules whose `imports` depend on them
# Result: what `nixpkgs.lib.nixosSystem` gives, with `config.system.build.toplevel`.
{ self, systems, drivers }:
{ nixpkgs, modules ? [ ], system ? "x86_64-linux", driver ? "lxd", inputs ? { }, specialArgs ? { }, stateVersion ? null, name ? null }:
let
  list = builtins.concatStringsSep ", ";
  subject = if name == null then "the machine" else "machine ${name}";
  nixosSystem = nixpkgs.lib.nixosSystem or (throw ''
    codchi: the flake given as `nixpkgs` of ${subject} has no `lib.nixosSystem`.
    Give a nixpkgs, for example github:NixOS/nixpkgs/nixos-26.05, or remove the setting to use the default.'');
in
if !(builtins.elem driver drivers) then
  throw "codchi: ${subject} asks for the driver `${toString driver}', which does not exist. Use one of: ${list drivers}."
else if !(builtins.elem system systems) then
  throw "codchi: ${subject} is for the system `${toString system}', which code machines do not support. Use one of: ${list systems}."
else if stateVersion != null && builtins.match "[0-9]{2}\\.(05|11)" (toString stateVersion) == null then
  throw "codchi: ${subject} has the state version `${toString stateVersion}', which is no release of NixOS. Give the release that the machine was first made with, for example \"26.05\"."
else
  nixosSystem {
    # A user's own special arguments win: the driver has only names that start with `codchi`.
    specialArgs = { codchiInputs = inputs; } // specialArgs;
    modules = [
      self.nixosModules.default
      ({ lib, ... }: {
        _file = "codchi's machine driver";
        nixpkgs.hostPlatform = system;
        codchi.driver.name = driver;
        system.stateVersion = lib.mkDefault (if stateVersion == null then lib.trivial.release else stateVersion);
      })
    ] ++ modules;
  }
