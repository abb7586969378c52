# A small module system: option declarations, typed definitions with priorities and order, `imports`,
# submodules and free-form modules. The wording of its errors follows NixOS, because codchi reads them.
{ lib }:
let
  inherit (builtins)
    addErrorContext any attrNames concatLists concatMap concatStringsSep elem filter foldl' functionArgs genericClosure
    head intersectAttrs isAttrs isBool isFunction isInt isList isPath isString length listToAttrs map mapAttrs
    partition removeAttrs sort tail toString zipAttrsWith
    ;
  inherit (lib) last nameValuePair optional optionals setAttrByPath attrByPath hasAttrByPath;

  defaultPriority = 100;
  defaultOrder = 1000;

  isProperty = type: v: isAttrs v && (v._type or null) == type;
  isAnyProperty = v: isAttrs v && v ? _type && elem v._type [ "if" "merge" "override" "order" ];
in
rec {
  # --- properties of definitions -------------------------------------------------------------------
  mkIf = condition: content: { _type = "if"; inherit condition content; };
  mkMerge = contents: { _type = "merge"; inherit contents; };
  mkOverride = priority: content: { _type = "override"; inherit priority content; };
  mkOptionDefault = mkOverride 1500;
  mkDefault = mkOverride 1000;
  mkForce = mkOverride 50;
  mkVMOverride = mkOverride 10;
  mkImageMediaOverride = mkOverride 60;
  mkOrder = priority: content: { _type = "order"; inherit priority content; };
  mkBefore = mkOrder 500;
  mkAfter = mkOrder 1500;
  mkAssert = cond: msg: content: mkIf (if cond then true else throw "\nFailed assertion: ${msg}") content;
  defaultOverridePriority = defaultPriority;

  # --- declarations --------------------------------------------------------------------------------
  mkOption = attrs: attrs // { _type = "option"; };
  isOption = v: isAttrs v && (v._type or null) == "option";
  isType = tag: v: isAttrs v && (v._type or null) == tag;
  mkEnableOption = what: mkOption {
    type = lib.types.bool;
    default = false;
    example = true;
    description = "Whether to enable ${what}.";
  };
  mkPackageOption = pkgs: name: { default ? name, nullable ? false, extraDescription ? "", example ? null, pkgsText ? "pkgs" }:
    let path = lib.toList default; in
    mkOption {
      type = if nullable then lib.types.nullOr lib.types.package else lib.types.package;
      default = if default == null then null else lib.getAttrFromPath path pkgs;
      defaultText = literalExpression "${pkgsText}.${showOption path}";
      description = "The ${if lib.isList name then last name else name} package to use.${extraDescription}";
    };
  literalExpression = text: { _type = "literalExpression"; inherit text; };
  literalMD = text: { _type = "literalMD"; inherit text; };
  mdDoc = text: text;

  showOption = loc:
    concatStringsSep "." (map (p:
      let s = toString p; in
      if builtins.match "[a-zA-Z_][a-zA-Z0-9_'-]*" s != null || elem s [ "*" "<name>" ] then s else builtins.toJSON s) loc);
  showFiles = files: lib.concatMapStringsSep " and " (f: "`${f}'") files;
  showDefs = defs: lib.concatMapStrings (def:
    let
      attempt = builtins.tryEval (builtins.deepSeq (printable 3 def.value) (printable 3 def.value));
      text = if attempt.success then attempt.value else "<a value that cannot be shown>";
      lines = lib.splitString "\n" text;
    in
    "\n- In `${def.file}'" + (if length lines > 1 || text == "" then ":\n    " + concatStringsSep "\n    " lines else ": ${text}")) defs;
  printable = depth: v:
    if isString v then builtins.toJSON v
    else if isBool v then lib.boolToString v
    else if v == null then "null"
    else if isFunction v then "<function>"
    else if isList v then (if v == [ ] then "[ ]" else if depth == 0 then "[ ... ]" else "[\n" + lib.concatMapStrings (e: "  ${printable (depth - 1) e}\n") v + "]")
    else if isAttrs v then
      (if lib.isDerivation v then "<derivation ${v.name or "???"}>"
       else if v == { } then "{ }"
       else if depth == 0 then "{ ... }"
       else "{\n" + lib.concatMapStrings (n: "  ${showOption [ n ]} = ${printable (depth - 1) v.${n}};\n") (attrNames v) + "}")
    else toString v;

  # --- evaluation ----------------------------------------------------------------------------------
  # modules: list of paths, attribute sets or functions. specialArgs: arguments that `imports` may depend on.
  # Result: { config, options, type, _module }.
  evalModules = { modules, prefix ? [ ], specialArgs ? { }, check ? true, class ? null }:
    let
      internal = {
        _file = "the module system";
        options._module = {
          args = mkOption {
            type = lib.types.lazyAttrsOf lib.types.raw;
            internal = true;
            description = "Arguments passed to every module.";
          };
          check = mkOption {
            type = lib.types.bool;
            internal = true;
            default = check;
            description = "Whether definitions without a declaration are an error.";
          };
          freeformType = mkOption {
            type = lib.types.nullOr lib.types.raw;
            internal = true;
            default = null;
            description = "Type of all definitions without a declaration.";
          };
        };
      };

      moduleArgs = { inherit lib config options extendModules; inherit (lib) modules; } // specialArgs;
      apply = file: f:
        let
          wanted = functionArgs f;
          extra = mapAttrs (name: _:
            addErrorContext "while evaluating the module argument `${name}' in `${file}':"
              (config._module.args.${name} or (throw "the module in `${file}' asks for the argument `${name}', which is not defined (neither by `specialArgs' nor by `_module.args')"))
          ) (removeAttrs wanted (attrNames moduleArgs));
        in
        f (moduleArgs // lib.filterAttrs (n: _: !wanted.${n} || config._module.args ? ${n}) extra);

      load = parentFile: parentKey: n: m:
        if isPath m || isString m then
          normalise (toString m) (toString m) (import m)
        else if isAttrs m && (m._type or "module") != "module" then
          throw "Could not load a value as a module, because it is of type `${m._type}', in file ${parentFile}."
        else
          normalise (if isAttrs m then m._file or parentFile else parentFile) "${parentKey}:anon-${toString n}" m;
      normalise = file: key: m:
        if lib.isFunction m then normalise file key (apply file m)
        else if isList m then throw "Module imports can't be nested lists. Perhaps you meant to remove one level of lists? In `${file}'."
        else if !isAttrs m then throw "The module in `${file}' is neither a function nor an attribute set."
        else
          let
            file' = m._file or file;
            key' = toString (m.key or key);
            structured = m ? config || m ? options;
            meta = [ "_class" "_file" "key" "disabledModules" "require" "imports" "options" "config" "meta" "freeformType" ];
            stray = attrNames (removeAttrs m meta);
            definitions =
              if structured then
                (if stray != [ ] then throw "Module `${key'}' has an unsupported attribute `${head stray}'. This is caused by introducing a top-level `config' or `options' attribute. Add configuration attributes immediately on the top level instead, or move all of them (namely: ${concatStringsSep " " stray}) into the explicit `config' attribute."
                 else m.config or { })
              else removeAttrs m [ "_class" "_file" "key" "disabledModules" "require" "imports" "freeformType" ];
          in
          {
            file = file';
            key = key';
            disabled = m.disabledModules or [ ];
            children = lib.imap1 (load file' key') (m.imports or [ ]);
            options = m.options or { };
            config =
              if m ? freeformType then mkMerge [ definitions { _module.freeformType = m.freeformType; } ]
              else definitions;
          };

      # Depth first, parents after their imports, each key once.
      collect = acc: m:
        if acc.seen ? ${m.key} then acc
        else
          let below = foldl' collect { seen = acc.seen // { ${m.key} = true; }; inherit (acc) out; } m.children;
          in { inherit (below) seen; out = below.out ++ [ m ]; };
      all = (foldl' collect { seen = { }; out = [ ]; } (lib.imap1 (load "<unknown-file>" "top") ([ internal ] ++ modules))).out;
      disabled = concatMap (m: map (d: toString (d.key or d)) m.disabled) all;
      loaded = filter (m: !(elem m.key disabled)) all;

      merged = mergeModules prefix
        (map (m: { inherit (m) file; value = m.options; }) loaded)
        (concatMap (m: map (value: { inherit (m) file; inherit value; }) (pushDown m.config)) loaded);

      options = merged.options;
      freeform = merged.config._module.freeformType;
      unmatched = merged.unmatched;
      freeformConfig = freeform.merge prefix (map (d: { inherit (d) file; value = setAttrByPath d.path d.value; }) unmatched);
      complain = d:
        throw "The option `${showOption (prefix ++ d.path)}' does not exist. Definition values:${showDefs [ d ]}";
      config =
        if freeform != null then lib.recursiveUpdate freeformConfig merged.config
        else if unmatched != [ ] && merged.config._module.check then checked
        else merged.config;
      # Only what is declared may be looked at while nothing is wrong; the first stray definition is reported otherwise.
      checked = mapAttrs (n: v: if n == "_module" then v else complain (head unmatched)) merged.config;
      extendModules = extra:
        evalModules {
          modules = modules ++ (extra.modules or [ ]);
          specialArgs = specialArgs // (extra.specialArgs or { });
          inherit prefix check;
        };
    in
    {
      inherit options;
      config = removeAttrs config [ "_module" ];
      _module = { inherit (merged.config._module) args freeformType check; inherit specialArgs; };
      type = lib.types.submoduleWith { inherit modules specialArgs; };
      inherit extendModules;
    };

  # The attribute sets that a module's `config` stands for, with mkIf, mkMerge and mkOverride moved onto the leaves.
  pushDown = cfg:
    if isProperty "merge" cfg then concatMap pushDown cfg.contents
    else if isProperty "if" cfg then map (mapAttrs (_: mkIf cfg.condition)) (pushDown cfg.content)
    else if isProperty "override" cfg then map (mapAttrs (_: mkOverride cfg.priority)) (pushDown cfg.content)
    else if isProperty "order" cfg then map (mapAttrs (_: mkOrder cfg.priority)) (pushDown cfg.content)
    else [ cfg ];

  # decls: [{file, value = tree of options}], defs: [{file, value = attrs}]
  mergeModules = prefix: decls: defs:
    let
      checkedDefs = map (d:
        if isAttrs d.value then d
        else throw "The option `${showOption prefix}' is a set of options, but it is given a value that is not an attribute set. Definition values:${showDefs [ d ]}") defs;
      declsByName = zipAttrsWith (_: v: v) (map (d: mapAttrs (_: value: { inherit (d) file; inherit value; }) d.value) decls);
      defsByName = zipAttrsWith (_: v: v) (map (d: mapAttrs (_: value: { inherit (d) file; inherit value; }) d.value) checkedDefs);
      entries = mapAttrs (name: ds:
        let
          loc = prefix ++ [ name ];
          parts = partition (d: isOption d.value) ds;
          given = defsByName.${name} or [ ];
        in
        if parts.right == [ ] then
          mergeModules loc ds (concatMap (d: map (value: { inherit (d) file; inherit value; }) (pushDown d.value)) given)
        else if parts.wrong != [ ] && ((head parts.right).value.type.name or "") != "submodule" then
          throw "The option `${showOption loc}' in module `${(head parts.right).file}' would be a parent of the options declared in `${(head parts.wrong).file}', but its type `${(head parts.right).value.type.description or "unspecified value"}' does not support nested options."
        else
          let
            # Options declared below a submodule join it.
            nested = map (d: {
              inherit (d) file;
              value = mkOption { type = lib.types.submoduleWith { modules = [ { _file = d.file; options = d.value; } ]; shorthandOnlyDefinesConfig = true; }; };
            }) parts.wrong;
            opt = evalOption loc (combine loc (parts.right ++ nested)) given;
          in { options = opt; config = opt.value; unmatched = [ ]; }) declsByName;
      strays = removeAttrs defsByName (attrNames declsByName);
    in
    {
      options = mapAttrs (_: e: e.options) entries;
      config = mapAttrs (_: e: e.config) entries;
      unmatched =
        concatMap (n: map (u: u // { path = [ n ] ++ u.path; }) entries.${n}.unmatched) (attrNames entries)
        ++ concatMap (n: concatMap (d:
          map (value: { inherit (d) file; inherit value; path = [ n ]; }) (dischargeTop d.value)) strays.${n}) (attrNames strays);
    };

  # A stray definition behind a false mkIf is not there.
  dischargeTop = v:
    if isProperty "merge" v then concatMap dischargeTop v.contents
    else if isProperty "if" v then (if v.condition then dischargeTop v.content else [ ])
    else if isProperty "override" v || isProperty "order" v then dischargeTop v.content
    else [ v ];

  combine = loc: decls:
    if length decls == 1 then (head decls).value // { declarations = [ (head decls).file ]; }
    else
      let
        typed = filter (d: d.value ? type) decls;
        mergedType =
          if length typed < 2 then (if typed == [ ] then { } else { inherit ((head typed).value) type; })
          else
            let
              step = acc: d:
                let t = if acc == null then d.value.type else (acc.typeMerge or (_: null)) d.value.type; in
                if t == null
                then throw "The option `${showOption loc}' in `${d.file}' is already declared in ${showFiles [ (head decls).file ]}."
                else t;
            in { type = foldl' step null typed; };
        clash = filter (n: length (filter (d: d.value ? ${n}) decls) > 1) [ "default" "example" "description" "apply" ];
      in
      if clash != [ ] && !(clash == [ "description" ])
      then throw "The option `${showOption loc}' in `${(last decls).file}' is already declared in ${showFiles [ (head decls).file ]}."
      else foldl' (a: d: a // d.value) { } decls // mergedType // { declarations = map (d: d.file) decls; };

  evalOption = loc: opt: defs:
    let
      type = opt.type or lib.types.unspecified;
      all = defs ++ optional (opt ? default) { file = "the default of the option"; value = mkOptionDefault opt.default; };
      result = mergeDefinitions loc type all;
      count = length result.highest;
      value =
        if (opt.readOnly or false) && length (filter (d: d.file != "the default of the option") result.discharged) > 1 then
          throw "The option `${showOption loc}' is read-only, but it's set multiple times. Definition values:${showDefs result.discharged}"
        else if (opt.readOnly or false) && opt ? default && length result.discharged > 1 then
          throw "The option `${showOption loc}' is read-only, but it's set multiple times. Definition values:${showDefs result.discharged}"
        else addErrorContext "while evaluating the option `${showOption loc}':" result.value;
    in
    opt // {
      inherit loc type;
      isDefined = result.isDefined;
      highestPrio = result.priority;
      definitions = map (d: d.value) result.highest;
      definitionsWithLocations = result.highest;
      files = map (d: d.file) result.highest;
      value = if opt ? apply then opt.apply value else value;
      __toString = _: showOption loc;
    };

  # Definitions -> { value, highest, discharged, isDefined, priority }.
  mergeDefinitions = loc: type: defs:
    let
      discharged = concatMap (d: map (x: x // { inherit (d) file; }) (discharge defaultPriority defaultOrder d.value)) defs;
      priority = foldl' (p: d: if d.priority < p then d.priority else p) 9999 discharged;
      strongest = filter (d: d.priority == priority) discharged;
      ordered = if any (d: d.order != defaultOrder) strongest then sort (a: b: a.order < b.order) strongest else strongest;
      highest = map (d: { inherit (d) file value; }) ordered;
      wrong = filter (d: !(type.check d.value)) highest;
    in
    {
      inherit discharged highest priority;
      isDefined = highest != [ ];
      value =
        if highest == [ ] then
          type.emptyValue.value or (throw "The option `${showOption loc}' was accessed but has no value defined. Try setting the option.")
        else if wrong != [ ] then
          throw "A definition for option `${showOption loc}' is not of type `${type.description}'. Definition values:${showDefs wrong}"
        else type.merge loc highest;
    };

  discharge = priority: order: v:
    if !(isAnyProperty v) then [ { inherit priority order; value = v; } ]
    else if v._type == "merge" then concatMap (discharge priority order) v.contents
    else if v._type == "if" then
      (if isBool v.condition then (if v.condition then discharge priority order v.content else [ ])
       else throw "`mkIf' called with a non-Boolean condition")
    else if v._type == "override" then discharge v.priority order v.content
    else discharge priority v.priority v.content;

  # --- changes of option names ---------------------------------------------------------------------
  mkRemovedOptionModule = path: advice: { options, ... }: {
    options = setAttrByPath path (mkOption {
      visible = false;
      description = "Removed option.";
      apply = _: throw "The option `${showOption path}' can no longer be used since it's been removed. ${advice}";
    });
    config.assertions =
      let opt = lib.getAttrFromPath path options; in
      [ {
        assertion = !opt.isDefined;
        message = "The option definition `${showOption path}' in ${showFiles opt.files} no longer has any effect; please remove it.\n${advice}";
      } ];
  };
  mkRenamedOptionModule = from: to: alias { inherit from to; warned = true; };
  mkAliasOptionModule = from: to: alias { inherit from to; warned = false; };
  mkAliasDefinitions = opt: mkMerge (map (d: d) opt.definitions);
  doRename = { from, to, visible ? true, warn ? true, use ? null, withPriority ? true, condition ? true }:
    alias { inherit from to; warned = warn; };
  alias = { from, to, warned }: { config, options, ... }:
    let
      source = lib.getAttrFromPath from options;
      target = lib.getAttrFromPath to options;
    in
    {
      options = setAttrByPath from (mkOption ({
        visible = !warned;
        description = "Alias of {option}`${showOption to}`.";
        apply = _: attrByPath to (throw "Renaming error: option `${showOption to}' does not exist.") config;
      } // lib.optionalAttrs (target ? type) { type = target.type // { emptyValue = { }; }; }));
      config = mkMerge ([
        (setAttrByPath to (mkIf source.isDefined (mkOverride (source.highestPrio) (mkMerge source.definitions))))
      ] ++ optional (warned && options ? warnings) {
        warnings = optional source.isDefined
          "The option `${showOption from}' defined in ${showFiles source.files} has been renamed to `${showOption to}'.";
      });
    };
  mkChangedOptionModule = from: to: change: { config, options, ... }:
    let source = lib.getAttrFromPath from options; in
    {
      options = setAttrByPath from (mkOption { visible = false; description = "Changed option."; });
      config = mkMerge ([ (setAttrByPath to (mkIf source.isDefined (change config))) ]
        ++ optional (options ? warnings) {
          warnings = optional source.isDefined
            "The option `${showOption from}' defined in ${showFiles source.files} has been changed to `${showOption to}' that has a different type. Please read `${showOption to}' documentation and update your configuration accordingly.";
        });
    };

  setDefaultModuleLocation = file: m: { _file = file; imports = [ m ]; };

  # --- documentation -------------------------------------------------------------------------------
  # All options below a tree of evaluated options, submodules included.
  optionAttrSetToDocList = optionAttrSetToDocList' [ ];
  optionAttrSetToDocList' = _: tree:
    concatMap (name:
      let v = tree.${name}; in
      if isOption v then
        let
          sub = (v.type.getSubOptions or (_: { })) v.loc;
          entry = {
            inherit (v) loc;
            name = showOption v.loc;
            description = v.description or null;
            declarations = v.declarations or [ ];
            internal = v.internal or false;
            visible = let vis = v.visible or true; in if isBool vis then vis else vis == "shallow";
            readOnly = v.readOnly or false;
            type = v.type.description or "unspecified value";
          }
          // lib.optionalAttrs (v ? example) { example = renderValue v.example; }
          // lib.optionalAttrs (v ? defaultText || v ? default) { default = renderValue (v.defaultText or v.default); };
        in
        [ entry ] ++ optionals ((v.visible or true) == true && sub != { }) (optionAttrSetToDocList sub)
      else if isAttrs v then optionAttrSetToDocList v
      else [ ]) (attrNames (removeAttrs tree [ "_module" ]));
  renderValue = v:
    if isAttrs v && v ? _type && elem v._type [ "literalExpression" "literalMD" ] then v
    else literalExpression (printable 6 v);
}
