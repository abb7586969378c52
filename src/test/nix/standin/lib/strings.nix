{ lib }:
let
  inherit (builtins) concatStringsSep isString replaceStrings stringLength substring toString;
  inherit (lib) elem elemAt filter genList head isList last length map mapAttrsToList match;
in
rec {
  inherit concatStringsSep replaceStrings stringLength substring;

  concatStrings = concatStringsSep "";
  concatMapStrings = f: xs: concatStrings (map f xs);
  concatMapStringsSep = sep: f: xs: concatStringsSep sep (map f xs);
  concatImapStringsSep = sep: f: xs: concatStringsSep sep (lib.imap1 f xs);
  concatMapAttrsStringSep = sep: f: set: concatStringsSep sep (mapAttrsToList f set);
  concatLines = concatMapStrings (s: s + "\n");
  optionalString = cond: s: if cond then s else "";
  stringToCharacters = s: genList (n: substring n 1 s) (stringLength s);
  hasPrefix = prefix: s: substring 0 (stringLength prefix) s == prefix;
  hasSuffix = suffix: s:
    stringLength s >= stringLength suffix
    && substring (stringLength s - stringLength suffix) (stringLength suffix) s == suffix;
  hasInfix = infix: s: length (splitString infix s) > 1;
  removePrefix = prefix: s: if hasPrefix prefix s then substring (stringLength prefix) (-1) s else s;
  removeSuffix = suffix: s: if hasSuffix suffix s then substring 0 (stringLength s - stringLength suffix) s else s;
  escapeRegex = lib.escape (stringToCharacters "\\[{()^$?*+|.");
  escape = chars: replaceStrings chars (map (c: "\\${c}") chars);
  splitString = sep: s: filter isString (builtins.split (escapeRegex sep) (toString s));
  trim = s: let m = match "[ \t\n\r]*(.*[^ \t\n\r])?[ \t\n\r]*" s; in if head m == null then "" else head m;
  upperChars = stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  lowerChars = stringToCharacters "abcdefghijklmnopqrstuvwxyz";
  toUpper = replaceStrings lowerChars upperChars;
  toLower = replaceStrings upperChars lowerChars;
  boolToString = b: if b then "true" else "false";
  boolToYesNo = b: if b then "yes" else "no";
  fixedWidthNumber = width: n: let s = toString n; in concatStrings (genList (_: "0") (width - stringLength s)) + s;
  # One word for a POSIX shell, whatever the value holds.
  escapeShellArg = arg:
    let s = toString arg; in
    if match "[[:alnum:],._+:@%/-]+" s == null then "'${replaceStrings [ "'" ] [ "'\\''" ] s}'" else s;
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;
  escapeNixString = s: escape [ "$" ] (builtins.toJSON s);
  toShellVar = name: value: "${name}=${escapeShellArg value}";
  toShellVars = vars: concatStringsSep "\n" (mapAttrsToList toShellVar vars);
  makeSearchPath = sub: paths: concatStringsSep ":" (map (p: "${p}/${sub}") (filter (p: p != null) paths));
  makeBinPath = makeSearchPath "bin";
  makeLibraryPath = makeSearchPath "lib";
  getName = x: if isString x then (builtins.parseDrvName x).name else x.pname or (builtins.parseDrvName x.name).name;
  getVersion = x: if isString x then (builtins.parseDrvName x).version else x.version or (builtins.parseDrvName x.name).version;
  getExe = x: getExe' x (x.meta.mainProgram or (getName x));
  getExe' = x: program: "${lib.getBin x}/bin/${program}";
  sanitizeDerivationName = s: concatMapStrings (c: if match "[[:alnum:]+._?=-]" c != null then c else "-") (stringToCharacters (toString s));
  toINI = sections:
    concatMapAttrsStringSep "\n" (name: values:
      "[${name}]\n" + concatStrings (lib.concatLists (mapAttrsToList (k: v: map (x: "${k}=${iniValue x}\n") (lib.toList v)) values))) sections;
  iniValue = v: if builtins.isBool v then boolToString v else toString v;
}
