package dev.codchi.driver;

import dev.codchi.failure.Failure;
import java.util.Optional;

/**
 * One thing that containers need from this computer.
 *
 * @param subject what it is, for people
 * @param finding what was found; empty where nothing was
 * @param failure what is wrong with it
 */
public record Readiness(String subject, String finding, Optional<Failure> failure) {}
