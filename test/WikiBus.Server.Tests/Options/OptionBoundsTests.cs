using System.Reflection;
using WikiBus.Server.Options;

namespace WikiBus.Server.Tests.Options;

public sealed class OptionBoundsTests
{
    /// <summary>A number that does not fit is read as one of these, so no option may allow them.</summary>
    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void OptionOfTypeInt_RefusesTheEndsOfItsType(int value)
    {
        var properties = Options().SelectMany(OptionBinder.Properties)
            .Where(static property => property.PropertyType == typeof(int)
                || property.PropertyType == typeof(int?)).ToList();

        properties.Count.ShouldBeGreaterThan(10);
        properties.Where(property => !IsRefused(property, value))
            .Select(static property => $"{property.DeclaringType!.Name}.{property.Name}").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2 GiB", int.MaxValue)]
    [InlineData("1 TiB", int.MaxValue)]
    [InlineData("-3 GiB", int.MinValue)]
    [InlineData("16 MiB", 16 << 20)]
    public void NumberBeyondInt_IsReadAsTheEndOfTheType(string text, int expected)
    {
        OptionText.TryParse(typeof(int), text, out var value, out _).ShouldBeTrue();
        value.ShouldBe(expected);
    }

    private static IEnumerable<Type> Options() => typeof(IFeatureOptions).Assembly.GetTypes()
        .Where(static type => type.IsClass && type.IsAssignableTo(typeof(IFeatureOptions)));

    private static bool IsRefused(PropertyInfo property, int value)
    {
        var options = (IFeatureOptions)Activator.CreateInstance(property.DeclaringType!)!;
        property.SetValue(options, value);
        return options.Validate().Any(fault => fault.Key.EndsWith(":" + property.Name, StringComparison.Ordinal));
    }
}
