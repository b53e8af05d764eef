/// What was observed on one day.
package struct WeatherDay: Sendable, Equatable {
    package let date: CalendarDate
    /// Rain and melted snow, in millimetres.
    package let precipitation: Tenths
    /// Warmest and coldest temperature, in degrees Celsius.
    package let high: Tenths
    package let low: Tenths
    /// Mean wind speed, in metres a second.
    package let wind: Tenths
    package let type: WeatherType
}

/// The one word that the data has for a day's weather.
package enum WeatherType: String, Sendable, CaseIterable {
    case sun, fog, drizzle, rain, snow
}
