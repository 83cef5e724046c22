package io.myelin.launcher.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of this program, as the manifest of its jar says. */
final class ProgramVersion implements IVersionProvider {
    /** Stands for a version when the classes are not in a jar. */
    private static final String UNPACKAGED = "development";

    static String text() {
        String version = ProgramVersion.class.getPackage().getImplementationVersion();
        return version == null ? UNPACKAGED : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "myelin " + text(), "java " + Runtime.version() + " (" + System.getProperty("java.vm.name") + ")"
        };
    }
}
