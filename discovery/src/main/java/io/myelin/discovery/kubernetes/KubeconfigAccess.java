package io.myelin.discovery.kubernetes;

import io.myelin.discovery.kubernetes.KubernetesAccess.Kubeconfig;
import io.myelin.discovery.polling.PollException;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A server that files of {@code kubectl} name; they, and those that they name, are read again when they change. */
@OwnedBy(Owner.REGISTRY)
final class KubeconfigAccess implements ApiAccess {
    private final Kubeconfig config;
    private @Nullable KubeconfigLogin login;
    private ReadFiles files = new ReadFiles();

    KubeconfigAccess(Kubeconfig config) {
        this.config = config;
    }

    @Override
    public ApiServer open() throws PollException {
        KubeconfigLogin current = login;
        if (current == null || files.changed()) {
            login = null;
            files = new ReadFiles();
            current = KubeconfigReader.read(config, files);
            login = current;
        }
        Path tokenFile = current.tokenFile();
        return new ApiServer(
                current.origin(),
                current.tls(),
                tokenFile == null ? current.authorization() : FileAccess.bearer(tokenFile),
                current.namespace());
    }
}
