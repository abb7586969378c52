# The nixpkgs that the tests evaluate against:
#   CODCHI_NIXPKGS      a nixpkgs: its lib, its modules, its packages
#   CODCHI_NIXPKGS_LIB  the lib of a nixpkgs: its module system, with the options and packages of the stand-in
#   neither             the stand-in alone
let
  real = builtins.getEnv "CODCHI_NIXPKGS";
  realLib = builtins.getEnv "CODCHI_NIXPKGS_LIB";
  standinPath = /. + builtins.getEnv "CODCHI_STANDIN";
  standin = (import (standinPath + "/flake.nix")).outputs { self = standin // { outPath = standinPath; }; };

  # Packages that the examples name and the stand-in does not have: evaluated, never built.
  named = pkgs: builtins.listToAttrs (map (name: {
    inherit name;
    value = pkgs.writeShellScriptBin name "exit 1" // { home = "/nix/store/${name}"; };
  }) [
    "jdk21" "jdk25" "maven" "nodejs_24" "pnpm" "typescript-language-server" "python3" "uv" "ruff" "cargo" "rustc" "clippy" "rustfmt"
    "rust-analyzer" "gcc" "pkg-config" "go" "gopls" "delve" "mesa-demos" "vulkan-tools" "android-studio" "android-tools"
  ]) // { rustPlatform.rustLibSrc = "/nix/store/rust-lib-src"; };
  packages = builtins.mapAttrs (_: pkgs: named pkgs // pkgs) standin.legacyPackages;
  # The stand-in has packages for one system; another one is only evaluated.
  everywhere = packages // { aarch64-linux = packages.x86_64-linux; };
  withLib = lib: standin // {
    legacyPackages = everywhere;
    lib = lib // { nixosSystem = import (standinPath + "/nixos") { inherit lib; packages = everywhere; flake.outPath = toString standinPath; }; };
  };
in
if real != "" then
  let path = /. + real; lib = import (path + "/lib"); in
  {
    outPath = toString path;
    lib = lib // { nixosSystem = args: import (path + "/nixos/lib/eval-config.nix") ({ inherit lib; system = null; } // args); };
    legacyPackages = lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] (system: import path { inherit system; });
    real = true;
  }
else (if realLib != "" then withLib (import (/. + realLib + "/default.nix")) else withLib standin.lib) // { real = false; }
