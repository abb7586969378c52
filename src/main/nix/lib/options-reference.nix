# The reference of all options below `codchi`, as Markdown, from their declarations.
{ self }:
{ nixpkgs, system ? "x86_64-linux" }:
let
  inherit (nixpkgs) lib;
  machine = self.lib.codeMachine { inherit nixpkgs system; driver = "lxd"; };

  # Options in the order of their names, those of submodules after their parent.
  collect = tree:
    lib.concatMap (name:
      let option = tree.${name}; in
      if name == "_module" then [ ]
      else if lib.isOption option then
        (if (option.internal or false) || !(option.visible or true) then [ ]
         else [ option ] ++ collect (option.type.getSubOptions option.loc))
      else if lib.isAttrs option then collect option
      else [ ]) (lib.attrNames tree);

  name = loc: lib.concatStringsSep "." (map (part: if part == "<name>" || builtins.match "[A-Za-z_][A-Za-z0-9_-]*" part != null then part else builtins.toJSON part) loc);
  value = v:
    if lib.isAttrs v && v ? _type then lib.removeSuffix "\n" v.text
    else if lib.isString v then (if lib.hasInfix "\n" v then "''\n${indent "  " v}''" else builtins.toJSON v)
    else if lib.isList v then (if v == [ ] then "[ ]" else "[ ${lib.concatMapStringsSep " " value v} ]")
    else if lib.isAttrs v then (if v == { } then "{ }" else "{ ${lib.concatStrings (lib.mapAttrsToList (n: x: "${n} = ${value x}; ") v)}}")
    else if v == null then "null"
    else if lib.isBool v then lib.boolToString v
    else toString v;
  indent = by: text: lib.concatMapStrings (line: if line == "" then "\n" else "${by}${line}\n") (lib.splitString "\n" (lib.removeSuffix "\n" text));
  code = title: v:
    let text = value v; in
    if lib.hasInfix "\n" text then "- ${title}:\n\n${indent "  " "```nix\n${text}\n```"}" else "- ${title}: `${text}`\n";

  section = option: ''

    ## `${name option.loc}`

    ${lib.removeSuffix "\n" option.description}

    - Type: ${option.type.description}
  ''
  + lib.optionalString (option.readOnly or false) "- Set by codchi; it can only be read.\n"
  + lib.optionalString (option ? defaultText || option ? default) (code "Default" (option.defaultText or option.default))
  + lib.optionalString (option ? example) (code "Example" option.example);
in
''
  # NixOS options of code machines

  Every option that a module for codchi can set, besides those of NixOS itself. They work in any NixOS that imports
  the driver's default module, too; `codchi.driver.name` says what runs it.

  This page is made from the options' declarations in `src/main/nix/modules` by
  `src/test/nix/modules/run --write-reference`; do not edit it by hand.
''
+ lib.concatMapStrings section (collect { inherit (machine.options) codchi; })
