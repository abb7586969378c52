package dev.codchi.machines.secrets.keys;

/** A person who is asked for a passphrase; the command line implements it. */
public interface PassphrasePrompt extends PassphraseSource {}
