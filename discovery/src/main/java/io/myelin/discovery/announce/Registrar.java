package io.myelin.discovery.announce;

import io.myelin.model.Endpoint;

/**
 * One kind of registry in which instances can be announced.
 *
 * <p>A provider of watchers that implements this too shares its connections between what is followed and what is
 * announced; others are found by {@link java.util.ServiceLoader} and have a public constructor without parameters.
 * Methods are safe from any thread.
 */
public interface Registrar extends AutoCloseable {
    boolean supports(ReporterConfig config);

    /**
     * Returns a registration that is not announced yet; the caller closes it.
     *
     * @param config one that this registrar supports
     * @param endpoint what will be announced; its name is the instance id and not empty
     * @param observer told what becomes of the registration, on a thread of the registry's client
     * @throws IllegalArgumentException if {@code config} can never be used, naming the key and the expected value
     */
    Registration register(ReporterConfig config, Endpoint endpoint, RegistrationObserver observer);

    /** Ends the connections that the registrations share; returns at once and is idempotent. */
    @Override
    void close();
}
