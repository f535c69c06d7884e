using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Domain.Tests.Doubles;

public sealed class MatchFormTests
{
    [Theory]
    [InlineData("Müller", "mueller")]
    [InlineData("MÜLLER", "Muller")]
    [InlineData("Mu\u0308ller", "Müller")]
    [InlineData(" D'Arcy ", "darcy")]
    [InlineData("José-María", "jose maria")]
    [InlineData("Søren", "Soeren")]
    [InlineData("Groß", "GROSS")]
    [InlineData("Łukasz Đặng", "lukasz dang")]
    [InlineData("Nguyễn", "Nguyen")]
    [InlineData("Björk Þórsdóttir", "bjork thorsdottir")]
    [InlineData("Ștefan", "Stefan")]
    [InlineData("Семён", "СЕМЕН")]
    [InlineData("O\u2019Neil", "O'Neil")]
    public void What_differs_by_spelling_alone_is_equal(string one, string other) => Assert.Equal(MatchForm.Of(one), MatchForm.Of(other));

    [Theory]
    [InlineData("Meier", "Maier")]
    [InlineData("Anna", "Anne")]
    [InlineData("Anna", "Hanna")]
    [InlineData("山田", "山本")]
    [InlineData("-", "--")]
    public void Other_names_are_not(string one, string other) => Assert.NotEqual(MatchForm.Of(one), MatchForm.Of(other));

    [Theory]
    [InlineData("Anna Maria", "Anna")]
    [InlineData("anna-maria", "Anna Sophie")]
    [InlineData("Anna\u00A0Maria", "Ännä")]
    public void The_first_of_several_given_names_is_taken(string one, string other) => Assert.Equal(MatchForm.OfFirst(one), MatchForm.OfFirst(other));

    [Fact]
    public void Names_of_signs_alone_are_compared_as_they_are() => Assert.Equal(("-", "?"), (MatchForm.Of(" - "), MatchForm.OfFirst("?")));
}
