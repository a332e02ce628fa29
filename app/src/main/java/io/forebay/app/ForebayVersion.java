package io.forebay.app;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/// The version of this build, from its jar.
final class ForebayVersion implements IVersionProvider {
    static String text() {
        @Nullable String version = ForebayVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"forebay " + text()};
    }
}
