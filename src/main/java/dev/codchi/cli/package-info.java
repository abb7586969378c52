/** The command line: parse, call one use case, print. */
@NullMarked
package dev.codchi.cli;

import org.jspecify.annotations.NullMarked;
