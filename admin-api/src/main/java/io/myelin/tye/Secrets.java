package io.myelin.tye;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Keeps values out of the API that may be secrets: all but those that Myelin computed itself. */
final class Secrets {
    /** What stands for a value that is not shown. */
    static final String HIDDEN = "***";

    private static final Pattern COMPUTED = Pattern.compile(
            "PORT|HTTPS_PORT|APP_INSTANCE|PROXY_PORT|CONTAINER_HOST|ASPNETCORE_(URLS|ENVIRONMENT)|DOTNET_ENVIRONMENT"
                    + "|(ASPNETCORE|DOTNET)_LOGGING__CONSOLE__DISABLECOLORS"
                    + "|SERVICE__.+__(HOST|PORT|PROTOCOL)|.+_SERVICE_(HOST|PORT|PROTOCOL|ENDPOINT)");

    private final boolean shown;

    /** @param shown whether everything may be told */
    Secrets(boolean shown) {
        this.shown = shown;
    }

    /**
     * Returns variables by name.
     *
     * @param own what the service itself gives its replicas, which is never computed
     */
    Map<String, String> environment(Map<String, String> variables, Map<String, String> own) {
        Map<String, String> told = new LinkedHashMap<>();
        new TreeMap<>(variables).forEach((name, value) -> {
            boolean computed = COMPUTED.matcher(name).matches() && !value.equals(own.get(name));
            told.put(name, computed ? value : value(value));
        });
        return told;
    }

    /** Returns a value that may be a secret. */
    String value(String value) {
        return shown || value.isEmpty() ? value : HIDDEN;
    }
}
