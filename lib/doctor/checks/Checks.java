package lib.doctor.checks;

import java.util.List;
import lib.doctor.Doctor.ListedCheck;
import lib.doctor.Need;

/// The doctor's checks. To add one, write a class in this folder and put it on a line of the list.
///
///     new Doctor(Checks.IN_ORDER, launch, machine, Doctor.PATIENCE)
public final class Checks {
    /// Every check, in the order in which a launch needs what it checks.
    public static final List<ListedCheck> IN_ORDER = List.of(
            new ListedCheck(Need.NOTHING, new EnvironmentCheck()),
            new ListedCheck(Need.REMOTE_GATEWAY, new SignInCheck()),
            new ListedCheck(Need.REMOTE_GATEWAY, new ProxyCheck()),
            new ListedCheck(Need.REMOTE_GATEWAY, new DnsCheck()),
            new ListedCheck(Need.REMOTE_GATEWAY, new TlsCheck()),
            new ListedCheck(Need.GATEWAY_SETTINGS, new GatewayCheck()),
            new ListedCheck(Need.REMOTE_GATEWAY, new ClockCheck()),
            new ListedCheck(Need.GATEWAY, new ProviderCheck()),
            new ListedCheck(Need.GATEWAY, new ProviderTypeCheck()),
            new ListedCheck(Need.GATEWAY, new ModelCheck()),
            new ListedCheck(Need.NOTHING, new AgentCheck()),
            new ListedCheck(Need.NOTHING, new NpmCheck()),
            new ListedCheck(Need.GATEWAY, new SettingsCheck()),
            new ListedCheck(Need.GATEWAY, new RequestCheck()));

    private Checks() {}
}
