# Finds the JDK for this project without starting a process. Sourced by bash programs; defines functions and variables.
# shellcheck shell=bash

java_required=25

# Sets `major` to the feature version of the JDK in directory $1; fails if that is not a JDK.
major=0
jdk_major() {
    local line
    major=0
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    while IFS= read -r line || [ -n "$line" ]; do
        if [[ $line =~ ^JAVA_VERSION=\"(1\.)?([0-9]+) ]]; then
            major=${BASH_REMATCH[2]}
            return 0
        fi
    done < "$1/release"
    return 1
}

# Sets `java_home` and `java_home_major`; fails with the reason in `jdk_problem` (a summary, then details). Of several
# candidates the lowest sufficient version is the one that the build is known to work with; among equal ones the first
# wins.
java_home=''
java_home_major=0
find_jdk() {
    local candidate javac user_home=${HOME:-~} too_old=() usual=()
    java_home='' java_home_major=0 jdk_problem=()
    if [ -n "${JAVA_HOME:-}" ] && jdk_major "${JAVA_HOME%/}" && [ "$major" -ge "$java_required" ]; then
        java_home=${JAVA_HOME%/} java_home_major=$major
        return 0
    fi
    [ -z "${JAVA_HOME:-}" ] || too_old+=("${JAVA_HOME%/}")
    if javac=$(command -v javac) && javac=$(readlink -f -- "$javac"); then
        usual+=("${javac%/bin/javac}")
    fi
    shopt -s nullglob
    usual+=(/usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/* /opt/java/* "$user_home"/.sdkman/candidates/java/*
        "$user_home"/.jdks/* "$user_home"/.local/share/mise/installs/java/* "$user_home"/.asdf/installs/java/*)
    shopt -u nullglob
    [ -z "${GRAALVM_HOME:-}" ] || usual+=("${GRAALVM_HOME%/}")
    for candidate in "${usual[@]}"; do
        jdk_major "$candidate" || continue
        if [ "$major" -lt "$java_required" ]; then
            too_old+=("$candidate")
        elif [ -z "$java_home" ] || [ "$major" -lt "$java_home_major" ]; then
            java_home=$candidate java_home_major=$major
        fi
    done
    [ -z "$java_home" ] || return 0
    # For whoever sources this.
    # shellcheck disable=SC2034
    jdk_problem=("no JDK $java_required or newer found"
        "looked at: JAVA_HOME (${JAVA_HOME:-not set}), javac in PATH, /usr/lib/jvm, /usr/java, /opt, ~/.sdkman, ~/.jdks, mise, asdf"
        "too old or not a JDK: ${too_old[*]:-none}"
        "Install a JDK $java_required (for example Eclipse Temurin) or set JAVA_HOME to one.")
    return 1
}
