# Names that repositories written for other versions of Codchi use.
{ lib, ... }:
let inherit (lib) mkRenamedOptionModule mkRemovedOptionModule; in
{
  imports = [
    (mkRenamedOptionModule [ "programs" "java" "packages" ] [ "codchi" "java" "jdks" ])
    (mkRenamedOptionModule [ "codchi" "defaultUser" ] [ "codchi" "user" ])
    (mkRemovedOptionModule [ "codchi" "welcome" "enable" ] "The welcome is the first line of `codchi.initScript`; replace it with `lib.mkForce`.")
    (mkRemovedOptionModule [ "codchi" "welcome" "text" ] "The welcome is the first line of `codchi.initScript`; replace it with `lib.mkForce`.")
    (mkRemovedOptionModule [ "codchi" "welcome" "extraText" ] "Print your message in `codchi.initScript`.")
    (mkRemovedOptionModule [ "codchi" "internal" ] "It was internal; codchi sets what its driver needs.")
  ];
}
