# Option types: { name, description, check, merge, emptyValue?, getSubOptions?, typeMerge? }.
{ lib }:
let
  inherit (builtins)
    all attrNames concatMap concatStringsSep elem filter foldl' head isAttrs isBool isFloat isFunction isInt isList
    isPath isString length listToAttrs map mapAttrs match substring toString zipAttrsWith
    ;
  inherit (lib) showOption showFiles showDefs mergeDefinitions isDerivation isStringLike isStorePath;

  mkType = { name, description ? name, class ? "noun", check ? (_: true), merge ? one, ... }@attrs:
    let
      type = {
        _type = "option-type";
        inherit description class check merge;
        getSubOptions = _: { };
        nestedTypes = { };
        typeMerge = other: if other.name == name && other.description == type.description then type else null;
      } // attrs;
    in
    type;

  # Several definitions must be equal.
  one = loc: defs:
    if length defs == 1 then (head defs).value
    else if all (d: d.value == (head defs).value) defs then (head defs).value
    else throw "The option `${showOption loc}' has conflicting definition values:${showDefs defs}\nUse `lib.mkForce value` or `lib.mkDefault value` to change the priority on any of these definitions.";
  exactlyOne = message: loc: defs:
    if length defs == 1 then (head defs).value
    else throw "The option `${showOption loc}' is defined multiple times while it's expected to be unique.\n${message}\nDefinition values:${showDefs defs}\nUse `lib.mkForce value` or `lib.mkDefault value` to change the priority on any of these definitions.";

  inner = t: if t.class == "noun" then t.description else "(${t.description})";
  between = lo: hi: mkInt "intBetween" "integer between ${toString lo} and ${toString hi} (both inclusive)" (x: x >= lo && x <= hi);
  mkInt = name: description: test: mkType { inherit name description; check = x: isInt x && test x; };
  bits = n: signed:
    let range = foldl' (a: _: a * 2) 1 (lib.range 1 n); in
    if signed then
      mkInt "signedInt${toString n}" "${toString n} bit signed integer; between ${toString (0 - range / 2)} and ${toString (range / 2 - 1)} (both inclusive)" (x: x >= 0 - range / 2 && x < range / 2)
    else
      mkInt "unsignedInt${toString n}" "${toString n} bit unsigned integer; between 0 and ${toString (range - 1)} (both inclusive)" (x: x >= 0 && x < range);

  # merge with a per-element evaluation that knows the element's place
  element = loc: type: defs: mergeDefinitions loc type defs;
in
rec {
  mkOptionType = mkType;
  isOptionType = t: (t._type or null) == "option-type";
  addCheck = t: check: t // { check = x: t.check x && check x; };

  unspecified = mkType { name = "unspecified"; description = "unspecified value"; };
  raw = mkType { name = "raw"; description = "raw value"; merge = exactlyOne ""; };
  anything = mkType {
    name = "anything";
    merge = loc: defs:
      let values = map (d: d.value) defs; in
      if all (v: isAttrs v && !isDerivation v) values then (lazyAttrsOf anything).merge loc defs
      else if all isList values && length values > 1 then builtins.concatLists values
      else one loc defs;
  };
  bool = mkType { name = "bool"; description = "boolean"; check = isBool; };
  boolByOr = bool // { name = "boolByOr"; merge = _: defs: lib.any (d: d.value) defs; };
  int = mkType { name = "int"; description = "signed integer"; check = isInt; };
  float = mkType { name = "float"; description = "floating point number"; check = isFloat; };
  number = either int float;
  ints = {
    inherit between;
    positive = mkInt "positiveInt" "positive integer, meaning >0" (x: x > 0);
    unsigned = mkInt "unsignedInt" "unsigned integer, meaning >=0" (x: x >= 0);
    u8 = bits 8 false;
    u16 = bits 16 false;
    u32 = bits 32 false;
    s8 = bits 8 true;
    s16 = bits 16 true;
    s32 = bits 32 true;
  };
  port = ints.u16;
  str = mkType { name = "str"; description = "string"; check = isString; };
  nonEmptyStr = mkType { name = "nonEmptyStr"; description = "non-empty string"; check = x: isString x && match "[ \t\n]*" x == null; };
  singleLineStr = mkType {
    name = "singleLineStr";
    description = "(optionally newline-terminated) single-line string";
    check = x: isString x && match "[^\n\r]*\n?" x != null;
    merge = loc: defs: lib.removeSuffix "\n" (one loc defs);
  };
  strMatching = pattern: mkType {
    name = "strMatching ${lib.escapeNixString pattern}";
    description = "string matching the pattern ${pattern}";
    check = x: isString x && match pattern x != null;
  };
  separatedString = sep: mkType {
    name = "separatedString";
    description = if sep == "" then "Concatenated string" else "strings concatenated with ${builtins.toJSON sep}";
    check = isString;
    merge = _: defs: concatStringsSep sep (map (d: d.value) defs);
  };
  lines = separatedString "\n";
  commas = separatedString ",";
  envVar = separatedString ":";
  string = str;
  path = mkType {
    name = "path";
    description = "absolute path";
    check = x: isStringLike x && substring 0 1 (toString x) == "/";
  };
  pathInStore = mkType { name = "pathInStore"; description = "path in the Nix store"; check = x: isStringLike x && match "${builtins.storeDir}/[^.].*" (toString x) != null; };
  pathWith = { inStore ? null, absolute ? null }: if inStore == true then pathInStore else path;
  externalPath = path;
  package = mkType {
    name = "package";
    check = x: isDerivation x || isStorePath x;
    merge = loc: defs: let v = one loc defs; in if isDerivation v then v else { type = "derivation"; outPath = toString v; name = baseNameOf v; outputName = "out"; };
  };
  shellPackage = addCheck package (x: x ? shellPath) // { description = "package meant to be used as a shell"; };
  pkgs = mkType { name = "pkgs"; description = "instance of nixpkgs"; check = x: isAttrs x && (x._type or "") == "pkgs"; };
  attrs = mkType {
    name = "attrs";
    description = "attribute set";
    check = isAttrs;
    emptyValue.value = { };
    merge = _: foldl' (acc: d: acc // d.value) { };
  };
  listOf = elemType: mkType rec {
    name = "listOf";
    description = "list of ${inner elemType}";
    class = "composite";
    check = isList;
    emptyValue.value = [ ];
    merge = loc: defs:
      map (e: e.value) (filter (e: e.isDefined) (builtins.concatLists (lib.imap1 (n: def:
        lib.imap1 (m: value: element (loc ++ [ "[definition ${toString n}-entry ${toString m}]" ]) elemType [ { inherit (def) file; inherit value; } ])
          def.value) defs)));
    getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "*" ]);
    nestedTypes.elemType = elemType;
  };
  nonEmptyListOf = t: addCheck (listOf t) (l: l != [ ]) // { description = "non-empty ${(listOf t).description}"; };
  attrsOf = attrsWith' false;
  lazyAttrsOf = attrsWith' true;
  attrsWith = { elemType, lazy ? false, placeholder ? "name" }: attrsWith' lazy elemType;
  attrsWith' = lazy: elemType: mkType {
    name = if lazy then "lazyAttrsOf" else "attrsOf";
    description = (if lazy then "lazy attribute set of " else "attribute set of ") + inner elemType;
    class = "composite";
    check = isAttrs;
    emptyValue.value = { };
    merge = loc: defs:
      let
        pushed = concatMap (d: map (value: { inherit (d) file; inherit value; }) (lib.pushDown d.value)) defs;
        evaluated = zipAttrsWith (name: element (loc ++ [ name ]) elemType)
          (map (d: mapAttrs (_: value: { inherit (d) file; inherit value; }) d.value) pushed);
      in
      if lazy then mapAttrs (_: e: e.value) evaluated
      else listToAttrs (concatMap (name: let e = evaluated.${name}; in
        if e.isDefined then [ { inherit name; inherit (e) value; } ] else [ ]) (attrNames evaluated));
    getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "<name>" ]);
    nestedTypes.elemType = elemType;
  };
  uniq = t: t // { merge = exactlyOne ""; };
  unique = { message }: t: t // { merge = exactlyOne message; };
  nullOr = t: mkType {
    name = "nullOr";
    description = "null or ${inner t}";
    class = "conjunction";
    check = x: x == null || t.check x;
    emptyValue.value = null;
    merge = loc: defs:
      let nulls = filter (d: d.value == null) defs; in
      if nulls == [ ] then t.merge loc defs
      else if length nulls == length defs then null
      else throw "The option `${showOption loc}' is defined both null and not null, in ${showFiles (map (d: d.file) defs)}.";
    getSubOptions = t.getSubOptions;
  };
  functionTo = t: mkType {
    name = "functionTo";
    description = "function that evaluates to a(n) ${inner t}";
    class = "composite";
    check = lib.isFunction;
    merge = loc: defs: arg: (element (loc ++ [ "<function body>" ]) t (map (d: { inherit (d) file; value = d.value arg; }) defs)).value;
  };
  enum = values: mkType {
    name = "enum";
    description =
      let show = v: if isString v then "\"${v}\"" else lib.printable 1 v; in
      if values == [ ] then "impossible (empty enum)"
      else if length values == 1 then "value ${show (head values)} (singular enum)"
      else "one of ${lib.concatMapStringsSep ", " show values}";
    class = "conjunction";
    check = x: elem x values;
  };
  either = a: b: mkType {
    name = "either";
    description = "${inner a} or ${inner b}";
    class = "conjunction";
    check = x: a.check x || b.check x;
    merge = loc: defs:
      if all (d: a.check d.value) defs then a.merge loc defs
      else if all (d: b.check d.value) defs then b.merge loc defs
      else one loc defs;
  };
  oneOf = ts: foldl' either (head ts) (builtins.tail ts);
  coercedTo = from: f: to: mkType {
    name = "coercedTo";
    description = "${to.description} or ${from.description} convertible to it";
    class = "conjunction";
    check = x: to.check x || from.check x && to.check (f x);
    merge = loc: defs: to.merge loc (map (d: d // { value = if to.check d.value then d.value else f d.value; }) defs);
    getSubOptions = to.getSubOptions;
    emptyValue = to.emptyValue or { };
  };
  submodule = modules: submoduleWith { modules = lib.toList modules; shorthandOnlyDefinesConfig = true; };
  submoduleWith = { modules, specialArgs ? { }, shorthandOnlyDefinesConfig ? false, description ? null, class ? null }:
    let
      base = loc: extra: lib.evalModules {
        inherit specialArgs;
        prefix = loc;
        modules = [ { _file = "the module system"; _module.args.name = lib.mkOptionDefault (if loc == [ ] then "<name>" else lib.last loc); } ] ++ modules ++ extra;
      };
    in
    mkType {
      name = "submodule";
      description = if description != null then description else "submodule";
      class = "composite";
      check = x: isAttrs x || lib.isFunction x || isPath x;
      emptyValue.value = { };
      merge = loc: defs:
        (base loc (map (d: {
          _file = d.file;
          imports = [ (if shorthandOnlyDefinesConfig && isAttrs d.value then { _file = d.file; config = d.value; } else d.value) ];
        }) defs)).config;
      getSubOptions = prefix: removeAttrs (base prefix [ ]).options [ "_module" ];
      typeMerge = other: if other.name == "submodule" then submoduleWith { modules = modules ++ other.subModules; inherit specialArgs shorthandOnlyDefinesConfig description; } else null;
    } // { subModules = modules; };
  deferredModule = mkType {
    name = "deferredModule";
    description = "module";
    check = x: isAttrs x || lib.isFunction x || isPath x;
    merge = loc: defs: { imports = map (d: { _file = "${d.file}, via option ${showOption loc}"; imports = [ d.value ]; }) defs; };
  };
  passwdEntry = t: addCheck t (s: !(lib.hasInfix ":" s || lib.hasInfix "\n" s)) // { description = "${t.description}, not containing newlines or colons"; };
  luaInline = anything;
}
