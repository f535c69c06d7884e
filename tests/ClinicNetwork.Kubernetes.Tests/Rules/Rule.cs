namespace ClinicNetwork.Kubernetes.Tests.Rules;

/// <summary>One thing that a rendering must keep; it returns each breach as a sentence, so that it can be seen to fail.</summary>
internal sealed record Rule(string Name, Func<Rendering, IEnumerable<string>> Breaches)
{
    /// <summary>Rules of every kustomization; each has a planted defect in <see cref="PlantedDefectTests"/>.</summary>
    public static readonly IReadOnlyList<Rule> All =
    [
        new(nameof(WiringRules.Selectors), WiringRules.Selectors),
        new(nameof(WiringRules.ServicePorts), WiringRules.ServicePorts),
        new(nameof(WiringRules.Volumes), WiringRules.Volumes),
        new(nameof(WiringRules.References), WiringRules.References),
        new(nameof(SettingsRules.Names), SettingsRules.Names),
        new(nameof(SettingsRules.Ports), SettingsRules.Ports),
        new(nameof(SettingsRules.Production), SettingsRules.Production),
        new(nameof(SettingsRules.Certificates), SettingsRules.Certificates),
        new(nameof(SettingsRules.Secrets), SettingsRules.Secrets),
        new(nameof(SettingsRules.Owners), SettingsRules.Owners),
        new(nameof(SettingsRules.Migration), SettingsRules.Migration),
        new(nameof(ProbeRules.Probes), ProbeRules.Probes),
        new(nameof(RolloutRules.Grace), RolloutRules.Grace),
        new(nameof(RolloutRules.Budgets), RolloutRules.Budgets),
        new(nameof(RolloutRules.Strategy), RolloutRules.Strategy),
        new(nameof(RolloutRules.Spread), RolloutRules.Spread),
        new(nameof(RolloutRules.Resources), RolloutRules.Resources),
        new(nameof(RolloutRules.Images), RolloutRules.Images),
        new(nameof(SecurityRules.Tokens), SecurityRules.Tokens),
        new(nameof(SecurityRules.Pods), SecurityRules.Pods),
        new(nameof(SecurityRules.Containers), SecurityRules.Containers),
    ];

    public override string ToString() => Name;
}
