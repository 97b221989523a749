package lib.doctor;

import java.util.List;
import java.util.Optional;
import lib.api.Lookup;
import lib.api.Provider;
import lib.api.ProviderClient;
import lib.api.Providers;
import lib.base.UserError;

/// The provider that the launch would use, as far as it is known.
public sealed interface ProviderSelection {
    /// The gateway was not asked: there is no sign-in, or no way to the gateway.
    record NotAsked() implements ProviderSelection {}

    /// The gateway did not answer in time.
    record NoAnswer() implements ProviderSelection {}

    /// The launch names no provider, and none is the obvious one.
    ///
    /// @param all the gateway's providers; empty where they are not known
    record Unnamed(List<Provider> all) implements ProviderSelection {}

    /// The provider could not be looked up.
    ///
    /// @param all the gateway's providers; empty where they are not known
    record Failed(UserError why, List<Provider> all) implements ProviderSelection {}

    /// The provider was looked up.
    ///
    /// @param launch the launch with this provider's name
    /// @param others the gateway's providers where the agent can't use this one; else empty
    record Read(InspectedLaunch launch, Lookup lookup, List<Provider> others) implements ProviderSelection {
        /// The provider's name.
        public String name() {
            return launch.provider().orElseThrow();
        }

        /// Whether the agent can use it, which is assumed where it may not be read.
        public boolean fits() {
            return lookup.provider().map(launch.agent()::speaksTo).orElse(true);
        }
    }

    /// The provider, where it may be read.
    default Optional<Provider> provider() {
        return this instanceof Read read ? read.lookup().provider() : Optional.empty();
    }

    /// Looks it up. Without `-L` the only provider that fits is meant; where there are none but demo models, the
    /// first of those: they cost nothing.
    static ProviderSelection of(DoctorContext context) {
        if (context.gateway() instanceof InspectedGateway.Embedded embedded)
            return of(embedded.providers(), context.launch());
        var tokens = context.signIn().tokens();
        if (tokens.isEmpty() || !context.route().isOpen()) return new NotAsked();
        return of(
                new ProviderClient(context.settings().managementApi(), tokens.get(), context.http()), context.launch());
    }

    private static ProviderSelection of(Providers providers, InspectedLaunch launch) {
        if (launch.provider().isPresent()) return read(providers, launch);
        var all = all(providers);
        var usable = launch.agent().usable(all);
        var obvious =
                usable.size() == 1 || !usable.isEmpty() && usable.stream().allMatch(name -> name.matches("demo(-.*)?"));
        return obvious ? read(providers, launch.withProvider(usable.getFirst())) : new Unnamed(all);
    }

    private static ProviderSelection read(Providers providers, InspectedLaunch launch) {
        try {
            var read = new Read(launch, providers.find(launch.provider().orElseThrow()), List.of());
            return read.fits() ? read : new Read(launch, read.lookup(), all(providers));
        } catch (UserError e) {
            return new Failed(e, all(providers));
        }
    }

    private static List<Provider> all(Providers providers) {
        try {
            return providers.list();
        } catch (UserError unlistable) {
            return List.of();
        }
    }
}
