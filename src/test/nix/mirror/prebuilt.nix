# What the mirror's binary cache holds besides the parts themselves: the store's tools and a machine without modules, so that a first
# `codchi init` substitutes as much as it would from the public cache.
{ standin, driver, system }:
let
  nixpkgs = builtins.getFlake "path:${standin}";
  codchi = builtins.getFlake "path:${driver}";
  machine = codchi.lib.codeMachine { inherit nixpkgs system; driver = "lxd"; modules = [ ]; };
  parts = import "${standin}/parts.nix" { inherit system; pins = builtins.fromJSON (builtins.readFile "${standin}/pins.json"); };
in
builtins.filter (part: part.type or null == "derivation") (builtins.attrValues parts)
++ [
  (codchi.lib.storeTools { inherit nixpkgs system; })
  machine.config.system.build.toplevel
]
