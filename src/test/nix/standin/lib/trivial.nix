# Lists, attribute sets and odds and ends that need nothing but builtins.
rec {
  inherit (builtins)
    add all any attrNames attrValues catAttrs compareVersions concatLists concatMap concatStringsSep
    deepSeq elem elemAt filter foldl' fromJSON functionArgs genList getAttr groupBy hasAttr head
    intersectAttrs isAttrs isBool isFloat isInt isList isPath length lessThan listToAttrs map mapAttrs
    match partition pathExists readDir readFile removeAttrs replaceStrings seq sort split stringLength
    substring tail toJSON toString trace tryEval unsafeGetAttrPos zipAttrsWith
    ;

  # The release whose option names and behaviour the stand-in speaks.
  release = "26.05";
  version = "${release}.standin";
  inPureEvalMode = !(builtins ? currentSystem);

  id = x: x;
  const = x: _: x;
  flip = f: a: b: f b a;
  pipe = foldl' (x: f: f x);
  throwIf = cond: msg: if cond then throw msg else x: x;
  throwIfNot = cond: throwIf (!cond);
  assertMsg = pred: msg: pred || throw msg;
  warn = msg: builtins.trace "evaluation warning: ${msg}";
  warnIf = cond: msg: if cond then warn msg else x: x;
  isFunction = f: builtins.isFunction f || (f ? __functor && builtins.isFunction (f.__functor f));
  isString = builtins.isString;
  isDerivation = value: value.type or null == "derivation";
  isStorePath = x: isStringLike x && match "${builtins.storeDir}/[^./][^/]*" (toString x) != null;
  isStringLike = x: isString x || isPath x || x ? outPath || x ? __toString;
  min = x: y: if x < y then x else y;
  max = x: y: if x > y then x else y;
  importJSON = path: fromJSON (readFile path);
  versionOlder = v1: v2: compareVersions v2 v1 == 1;
  versionAtLeast = v1: v2: !versionOlder v1 v2;

  # lists
  singleton = x: [ x ];
  toList = x: if isList x then x else [ x ];
  optional = cond: x: if cond then [ x ] else [ ];
  optionals = cond: xs: if cond then xs else [ ];
  last = xs: elemAt xs (length xs - 1);
  init = xs: genList (elemAt xs) (length xs - 1);
  take = n: xs: genList (elemAt xs) (min n (length xs));
  drop = n: xs: genList (i: elemAt xs (n + i)) (max 0 (length xs - n));
  reverseList = xs: let l = length xs; in genList (i: elemAt xs (l - i - 1)) l;
  flatten = x: if isList x then concatMap flatten x else [ x ];
  foldr = op: nul: xs: let go = n: if n == length xs then nul else op (elemAt xs n) (go (n + 1)); in go 0;
  fold = foldr;
  foldl = foldl';
  unique = foldl' (acc: e: if elem e acc then acc else acc ++ [ e ]) [ ];
  remove = e: filter (x: x != e);
  findFirst = pred: default: xs: let found = filter pred xs; in if found == [ ] then default else head found;
  forEach = xs: f: map f xs;
  imap0 = f: xs: genList (n: f n (elemAt xs n)) (length xs);
  imap1 = f: xs: genList (n: f (n + 1) (elemAt xs n)) (length xs);
  range = first: end: if first > end then [ ] else genList (n: first + n) (end - first + 1);
  zipListsWith = f: xs: ys: genList (n: f (elemAt xs n) (elemAt ys n)) (min (length xs) (length ys));
  subtractLists = e: filter (x: !(elem x e));
  intersectLists = e: filter (x: elem x e);
  naturalSort = sort lessThan;
  sortOn = f: sort (a: b: f a < f b);

  # attribute sets
  attrByPath = path: default: set:
    if path == [ ] then set
    else if isAttrs set && set ? ${head path} then attrByPath (tail path) default set.${head path}
    else default;
  hasAttrByPath = path: set:
    path == [ ] || (isAttrs set && set ? ${head path} && hasAttrByPath (tail path) set.${head path});
  getAttrFromPath = path: set:
    attrByPath path (throw "cannot find attribute '${concatStringsSep "." path}'") set;
  setAttrByPath = path: value: foldr (name: v: { ${name} = v; }) value path;
  nameValuePair = name: value: { inherit name value; };
  mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
  attrsToList = mapAttrsToList nameValuePair;
  mapAttrs' = f: set: listToAttrs (mapAttrsToList f set);
  concatMapAttrs = f: set: foldl' (a: b: a // b) { } (mapAttrsToList f set);
  filterAttrs = pred: set: listToAttrs (concatMap (n: if pred n set.${n} then [ (nameValuePair n set.${n}) ] else [ ]) (attrNames set));
  genAttrs = names: f: listToAttrs (map (n: nameValuePair n (f n)) names);
  optionalAttrs = cond: set: if cond then set else { };
  recursiveUpdate = a: b:
    zipAttrsWith (_: values:
      if length values == 2 && all (v: isAttrs v && !isDerivation v) values
      then recursiveUpdate (head values) (last values)
      else last values) [ a b ];
  mergeAttrsList = foldl' (a: b: a // b) { };
  foldlAttrs = f: init: set: foldl' (acc: name: f acc name set.${name}) init (attrNames set);
  getAttrs = names: set: genAttrs names (name: set.${name});
  getOutput = output: pkg: if pkg.outputSpecified or false then pkg else pkg.${output} or pkg.out or pkg;
  getBin = getOutput "bin";
  getLib = getOutput "lib";
  callPackageWith = autoArgs: fn: args:
    let f = if isFunction fn then fn else import fn;
    in f (intersectAttrs (functionArgs f) autoArgs // args);
  makeOverridable = f: args: let result = f args; in
    if isAttrs result then result // { override = new: makeOverridable f (args // (if isFunction new then new args else new)); } else result;
  hiPrio = pkg: pkg // { meta = (pkg.meta or { }) // { priority = -10; }; };
  lowPrio = pkg: pkg // { meta = (pkg.meta or { }) // { priority = 10; }; };

  # activation scripts: text with the names of the scripts that run before it
  stringAfter = deps: text: { inherit deps text; };
  noDepEntry = text: { deps = [ ]; inherit text; };
  fullDepEntry = text: deps: { inherit text deps; };
  textClosureMap = f: set: names:
    let
      visit = acc: name:
        if acc.done ? ${name} then acc
        else
          let entry = set.${name} or (throw "activation script '${name}' is needed by another one but is not defined");
              before = foldl' visit { done = acc.done // { ${name} = true; }; out = acc.out; } entry.deps;
          in { inherit (before) done; out = before.out ++ [ (f entry.text) ]; };
    in concatStringsSep "\n" (foldl' visit { done = { }; out = [ ]; } names).out;
}
