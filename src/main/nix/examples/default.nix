# name -> { module, path, description }; each directory is a flake of its own, and so a template.
let
  names = [ "empty" "hello" "java" "javascript" "python" "rust" "go" "gpu" "secrets" "docker" "android" ];
in
builtins.listToAttrs (map (name: {
  inherit name;
  value = {
    path = ./. + "/${name}";
    module = ./. + "/${name}/module.nix";
    inherit (import (./. + "/${name}/flake.nix")) description;
  };
}) names)
