# The part of nixpkgs' `lib` that the machine driver and ordinary modules use, under the same names.
# An attribute that is missing here is missing on purpose: it makes a driver module that reaches for
# more than it needs fail in the tests instead of in a user's machine.
let
  lib =
    let
      trivial = import ./trivial.nix;
      strings = import ./strings.nix { inherit lib; };
      modules = import ./modules.nix { inherit lib; };
    in
    trivial
    // strings
    // modules
    // {
      types = import ./types.nix { inherit lib; };
      inherit strings modules;
      options = {
        inherit (lib) mkOption showOption showFiles;
      };
      trivial = { inherit (trivial) release version; };
      generators = {
        toJSON = _: builtins.toJSON;
        toINI = _: strings.toINI;
        toKeyValue = _: attrs: lib.concatStrings (lib.mapAttrsToList (n: v: "${n}=${toString v}\n") attrs);
      };
    };
in
lib
