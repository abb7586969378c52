/**
 * The person's network: which certificate authorities and which proxies hold. Shared by all that
 * talks to servers, on the host, in the store and in machines.
 */
@NullMarked
package dev.codchi.network;

import org.jspecify.annotations.NullMarked;
