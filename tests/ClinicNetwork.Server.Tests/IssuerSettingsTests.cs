using ClinicNetwork.Domain.Identity;
using Microsoft.Extensions.Configuration;

namespace ClinicNetwork.Server.Tests;

/// <summary>Issuers of people's tokens as settings name them.</summary>
public sealed class IssuerSettingsTests
{
    private static readonly Dictionary<string, string?> Good = new()
    {
        ["ClinicNetwork:Issuers:0:Name"] = "hospital",
        ["ClinicNetwork:Issuers:0:Authority"] = "https://login.example/",
        ["ClinicNetwork:Issuers:0:Audience"] = "clinic-network",
        ["ClinicNetwork:Issuers:0:Roles"] = "ward-nurse=nurse, doctor=clinician,doctor=nurse",
        ["ClinicNetwork:TokenUrls"] = "https://network.example/oauth2/token",
    };

    [Fact]
    public void A_word_may_stand_for_several_roles_and_the_rest_has_usual_values()
    {
        var settings = Read(Good);
        var issuer = Assert.Single(settings.TokenIssuers);
        Assert.Equal(("hospital", "roles", "", TimeSpan.FromHours(1)), (issuer.Name, issuer.RolesClaim, issuer.SitesClaim, issuer.LifetimeMax));
        Assert.False(issuer.TakesAnyType);
        Assert.True(Assert.Single(Read(new(Good) { ["ClinicNetwork:Issuers:0:TokenType"] = "JWT" }).TokenIssuers).TakesAnyType);
        Assert.Equal((Roles.Nurse, Roles.Clinician | Roles.Nurse), (issuer.Roles["ward-nurse"], issuer.Roles["doctor"]));
        Assert.Equal(["https://network.example/oauth2/token"], settings.TokenAudiences);
    }

    [Theory]
    [InlineData("Issuers:0:Name", "Hospital")]
    [InlineData("Issuers:0:Name", "clients")]
    [InlineData("Issuers:0:Authority", "http://login.example/")]
    [InlineData("Issuers:0:Authority", "https://user:word@login.example/")]
    [InlineData("Issuers:0:Audience", "")]
    [InlineData("Issuers:0:Roles", "")]
    [InlineData("Issuers:0:Roles", "doctor=system")]
    [InlineData("Issuers:0:Roles", "doctor")]
    [InlineData("Issuers:0:LifetimeMinutes", "0")]
    [InlineData("Issuers:0:LifetimeMinutes", "long")]
    [InlineData("Issuers:0:TokenType", "id+jwt")]
    [InlineData("Issuers:0:Role", "doctor=nurse")]
    [InlineData("TokenUrls", "http://network.example/oauth2/token")]
    public void What_is_wrong_is_refused_in_one_line(string setting, string value)
    {
        Read(Good);
        var refused = Assert.Throws<SettingsException>(() => Read(new(Good) { [$"ClinicNetwork:{setting}"] = value }));
        Assert.DoesNotContain('\n', refused.Message);
        Assert.DoesNotContain("word@", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_issuer_twice_is_refused() => Assert.Throws<SettingsException>(() => Read(new(Good)
    {
        ["ClinicNetwork:Issuers:1:Name"] = "other",
        ["ClinicNetwork:Issuers:1:Authority"] = "https://login.example",
        ["ClinicNetwork:Issuers:1:Audience"] = "clinic-network",
        ["ClinicNetwork:Issuers:1:Roles"] = "doctor=nurse",
    }));

    private static ServerSettings Read(Dictionary<string, string?> values) => ServerSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
}
